import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { quote } from '../../../src/bytes/shell.ts';
import { decodeText, encodeText, getText, printable, repeatedText } from '../../../src/bytes/text.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { isSteps, type Exchange, type Operation } from '../../../src/conversation/operation.ts';
import { EncodeError, KernelError, NetlinkError } from '../../../src/errors.ts';
import { nft } from '../../../src/netfilter/command.ts';
import { families } from '../../../src/route/families.ts';
import { cstring, interfaceName } from '../../../src/schema/leaves.ts';
import { show } from '../../../src/schema/codec.ts';
import { installed } from '../../support/installed.ts';
import { skip } from '../../support/skip.ts';
import { dice } from '../../support/witness.ts';

/** What a terminal obeys or hides, and halves of characters. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const odd = ['\x1b[2J', 'a\x7fb', '\u009b31m', '\u202eevil', '\u2066x', '\u200b', '\u2028', '\ufeff', '\udcff\udc80', '$(id)', '`id`', `a'b"c\\`, '\\033', ';id', '&', '-x', '*?[a]', '~', '!1', '#', 'é', '日本', '💀', ' ', '', '\u{e0041}'];

test('text that comes again is the same as text read anew', () => {
  const repeated = repeatedText(), bytes = Buffer.alloc(12), roll = dice(11), words = ['', 'eth0', 'eth01', 'e', '\u00e9', 'a\u00e9b'];
  for (let i = 0; i < 20_000; i++) {
    bytes.fill(roll(2) * roll(256));
    const length = bytes.write(words[roll(words.length)]!, 0, roll(2) > 0 ? 'utf8' : 'latin1');
    if (roll(3) > 0) bytes[length] = 0;
    const end = roll(13);
    assert.is(repeated(bytes, 0, end), getText(bytes, 0, end));
  }
});

test('any bytes become text and the same bytes again', () => {
  const roll = dice(7);
  for (let round = 0; round < 5_000; round++) {
    const bytes = Buffer.from(Array.from({ length: roll(16) }, () => (roll(3) ? roll(256) : 0xc0 + roll(64))));
    const text = decodeText(bytes);
    assert.is(Buffer.compare(bytes, Buffer.from(encodeText(text))), 0, bytes.toString('hex'));
    const end = bytes.indexOf(0);
    assert.is(getText(bytes, 0, bytes.length), decodeText(end < 0 ? bytes : bytes.subarray(0, end)));
  }
});

test('what is printed has nothing that a terminal would obey', () => {
  for (const word of odd) {
    assert.not.match(printable(word), hidden);
    assert.not.match(show({ [word]: [word] }), hidden);
    assert.is(JSON.parse(show(word)), word);
    const error = new KernelError({ operation: 'link.get', errno: 19, text: word, field: word, hint: `There is no ${word}` });
    for (const text of [error.message, error.hint!, error.stack!.split('\n')[0]!, String(new EncodeError(word, word)), new NetlinkError('X', word).message])
      assert.not.match(text, hidden);
  }
});

test('text that stands for no bytes is refused', () => {
  for (const half of ['\ud800', 'x\udc00', '\udfff'])
    for (const codec of [cstring, interfaceName]) assert.throws(() => codec.write(new Writer(), half, {}, 0), /half of a surrogate pair/);
});

/** The words that a shell makes of a command, as bytes. */
const wordsOf = (shell: string, command: string): Buffer[] => {
  const out = execFileSync(shell, ['-c', `set -f; set -- ${command}\nprintf '%s\\0' "$@"`], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const words: Buffer[] = [];
  for (let at = 0, end; (end = out.indexOf(0, at)) >= 0; at = end + 1) words.push(out.subarray(at, end));
  return words;
};

test('a quoted word is that word to a shell, byte for byte', () => {
  const roll = dice(3), words = [...odd];
  for (let i = 0; i < 500; i++) words.push(decodeText(Buffer.from(Array.from({ length: 1 + roll(15) }, () => 1 + roll(255)))));
  const command = words.map(quote).join(' ');
  assert.not.match(command, hidden);
  const plain = words.filter((word) => printable(word) === word);
  for (const [shell, some] of [['bash', words], ['sh', plain]] as const) {
    if (!installed(shell)) { skip(`${shell} is not installed`); continue; }
    assert.equal(wordsOf(shell, some.map(quote).join(' ')).map(String), some.map((word) => String(Buffer.from(encodeText(word)))));
    for (const [i, word] of wordsOf(shell, some.map(quote).join(' ')).entries()) assert.is(Buffer.compare(word, encodeText(some[i]!)), 0, some[i]);
  }
  // a shell that does not know $'...' sees one word all the same
  if (installed('sh')) assert.is(wordsOf('sh', command).length, words.length);
});

/** The command of an operation. What it asks for before is answered: each link has the index 1. */
function commandOf(operation: Operation<unknown>): string {
  if (!isSteps(operation)) return operation.command!();
  for (let step = operation.next(); ; step = operation.next('namespace' in step.value ? 0 : { index: 1, kind: 'bridge', flags: {} }))
    if (step.done) return (step.value as Exchange<unknown>).command!();
}

test('no operation lets a name say more than a name', () => {
  const evil = `;$(id)\u009b2J'"`, { link, addr, route, rule, neigh, fdb, nsid, neightbl, qdisc, class: classes, filter, chain, action, stats } = families;
  const any = evil as never, cases: [name: string, operation: Operation<unknown>][] = Object.entries({
    'link.list': link.list({ kind: evil, master: evil }), 'link.get': link.get(evil), 'link.delete': link.delete(evil),
    'link.change': link.change(evil, { master: evil, mtu: 1, alias: evil, options: { mode: 'bridge' }, kind: 'macvlan' }),
    'link.add': link.add({ name: 'x', kind: 'vxlan', link: evil, options: { id: 1, local: any } }), 'link.rename': link.rename(1, any),
    'link.addAltname': link.addAltname(evil, evil), 'link.deleteAltname': link.deleteAltname(evil, evil),
    'addr.list': addr.list({ dev: evil }), 'addr.add': addr.add(evil, '192.0.2.1/24'), 'addr.delete': addr.delete(evil, '192.0.2.1/24'),
    'route.add': route.add({ dst: any, dev: evil, table: any, type: any }), 'route.delete': route.delete({ dst: any, dev: evil }), 'route.list': route.list({ protocol: any }), 'route.get': route.get(evil),
    'rule.add': rule.add({ iif: evil, oif: evil, table: any, src: any }), 'rule.delete': rule.delete({ iif: evil, action: any }),
    'neigh.add': neigh.add({ dst: '192.0.2.1', dev: evil, lladdr: any, state: any }), 'fdb.add': fdb.add({ lladdr: evil, dev: evil }), 'fdb.delete': fdb.delete({ lladdr: evil, dev: evil }),
    'nsid.set': nsid.set(evil, 1), 'neightbl.set': neightbl.set(evil, {}),
    'qdisc.add': qdisc.add(evil, { kind: any, parent: any, handle: any }), 'qdisc.list': qdisc.list({ dev: evil }), 'qdisc.delete': qdisc.delete(evil, { parent: any }),
    'class.add': classes.add(evil, { kind: any, parent: any, handle: any }), 'class.list': classes.list(evil, { parent: any }), 'class.delete': classes.delete(evil, any),
    'filter.add': filter.add(evil, { kind: any, parent: any, protocol: any }), 'filter.list': filter.list(evil, { parent: any }), 'chain.list': chain.list(evil, { parent: any }),
    'action.add': action.add({ kind: any }), 'action.list': action.list(evil), 'action.delete': action.delete({ kind: evil, index: 1 }), 'action.flush': action.flush(evil),
    'stats.get': stats.get(evil),
  });
  const shell = installed('bash') ? 'bash' : undefined;
  if (!shell) skip('bash is not installed');
  for (const [name, operation] of cases) {
    let command: string;
    try {
      command = commandOf(operation);
    } catch (error) {
      assert.instance(error, EncodeError, `${name}: ${(error as Error).stack}`);
      continue;
    }
    assert.not.match(command, hidden, name);
    if (!shell) continue;
    const parts = command.split(/; (?=ip )/).flatMap((part) => wordsOf(shell, part)).map(String);
    assert.is(parts.some((word) => /[;$`]/.test(word) && !word.includes(evil)), false, `${name}: ${command}`);
  }
  assert.is(nft('list table ip x'), 'nft list table ip x');
  if (shell) assert.equal(wordsOf(shell, nft(`add table ip ${evil}`)).map(String), ['nft', `add table ip ${evil}`]);
});

test.run();
