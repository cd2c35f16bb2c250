import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { netfilterProtocol } from '../../../src/netfilter/protocol.ts';
import { collect } from '../../specs/collect.ts';
import { compare } from '../../specs/compare.ts';
import { compareHeaders, missing } from '../../specs/headers.ts';
import { fits, patterns } from '../../specs/reasons.ts';
import { readSpec } from '../../specs/spec.ts';
import { skip } from '../../support/skip.ts';
import * as gaps from './gaps.ts';

const folder = process.env.NETLINK_SPECS, reason = missing();

test('nf_tables and connection tracking agree with the kernel\'s specs, or say why not', () => {
  if (folder === undefined) return skip('NETLINK_SPECS does not name the folder of the kernel\'s YAML specs');
  const report = compare(netfilterProtocol, ['nftables', 'conntrack'].map((name) => readSpec(folder, name)), {});
  assert.ok(report.compared > 400, String(report.compared));
  for (const [found, reasons] of [[report.wrong, gaps.specsErr], [report.specsLack, gaps.specsLack],
    [report.weLack, gaps.weLack]] as const) {
    const texts = [...found.values()];
    assert.equal(texts.filter(({ key, text }) => !fits(reasons, key) && !fits(reasons, text)).map(({ text }) => text),
      []);
    assert.equal(patterns(reasons).filter((one) =>
      !texts.some(({ key, text }) => one.fits.test(key) || one.fits.test(text))).map(({ key }) => key), [],
      'reasons that fit nothing');
  }
});

test('a C compiler agrees with their numbers', () => {
  if (reason !== undefined) return skip(reason);
  const { agreed, wrong } = compareHeaders(collect([netfilterProtocol]));
  assert.ok(agreed > 400, String(agreed));
  assert.equal(wrong.filter((said) => !fits(gaps.headersDiffer, said)), []);
});

test.run();
