import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryOf } from '../../../src/bytes/memory.ts';
import { Writer } from '../../../src/bytes/writer.ts';
import { linkKinds } from '../../../src/route/link/kinds/index.ts';
import { linkMessage } from '../../../src/route/link/message.ts';
import { portKinds } from '../../../src/route/link/port/index.ts';
import type { AttributeSet } from '../../../src/schema/attributes.ts';
import type { Owner } from '../../../src/schema/codec.ts';
import { generateSet } from '../../support/generate.ts';
import { dice } from '../../support/witness.ts';

/** What becomes of a link that is written with all it has and read back. */
function through(link: object): { link: Owner; bytes: Uint8Array } {
  const w = new Writer();
  w.full = true;
  linkMessage.encode(w, link as never);
  const bytes = Uint8Array.from(w.written());
  return { link: linkMessage.decode(memoryOf(bytes), 0, bytes.length) as unknown as Owner, bytes };
}

const pick = (from: Owner, like: Owner): Owner => Object.fromEntries(Object.keys(like).map((key) => [key, from[key]]));
/** The header's fields of a link, without which it is compared; absent flags of `reported` sort are false. */
const header = { family: 'unspec', type: 'ether', index: 7, flags: { up: true } };

const kinds = Object.entries(linkKinds) as [string, AttributeSet][];
const ports = Object.entries(portKinds) as [string, AttributeSet][];

for (const [kind, set] of kinds) {
  test(`options of ${kind} survive`, () => {
    const roll = dice(kind.length * 31 + kind.charCodeAt(0));
    for (let round = 0; round < 40; round++) {
      const options = generateSet(set, roll);
      const { link, bytes } = through({ ...header, kind, options });
      assert.equal(link['kind'], kind);
      assert.equal(comparable(link['options']), comparable(options));
      assert.equal(through(link).bytes, bytes);
      // an attribute of a later kernel stays where it was
      const unknown = [{ type: 999, data: Uint8Array.of(1, 2, 3) }, { type: 0x8000 | 1000, data: new Uint8Array(0) }];
      assert.equal(
        (through({ ...header, kind, options: { ...options, unknown } }).link['options'] as Owner)['unknown'],
        unknown,
      );
    }
  });
}

for (const [portKind, set] of ports) {
  test(`options as a port of a ${portKind} survive`, () => {
    const roll = dice(portKind.length * 77 + 1);
    for (let round = 0; round < 40; round++) {
      const port = generateSet(set, roll);
      assert.equal(comparable(through({ ...header, portKind, port }).link['port']), comparable(port));
    }
  });
}

test('what every link has survives', () => {
  const roll = dice(2024);
  const apart = ['kind', 'options', 'portKind', 'port', 'protinfo'];
  for (let round = 0; round < 200; round++) {
    const wanted = generateSet(linkMessage.body, roll, apart);
    const { link, bytes } = through({ ...header, ...wanted });
    assert.equal(comparable(pick(link, wanted)), comparable(wanted));
    assert.equal(through(link).bytes, bytes);
  }
});

test('messages of the bridge family have their own af_spec and protinfo', () => {
  const roll = dice(11);
  for (let round = 0; round < 50; round++) {
    const wanted: Owner = { family: 'bridge', index: 3 };
    for (const key of ['afSpec', 'protinfo']) {
      const codec = linkMessage.body.declarations[key]!.codec as unknown as { pick(owner: Owner): AttributeSet };
      wanted[key] = generateSet(codec.pick(wanted), roll);
    }
    const { link } = through(wanted);
    assert.equal(comparable(pick(link, wanted)), comparable(wanted));
  }
});

test('a kind without names keeps its options, flags of types and all', () => {
  const options = {
    unknown: [
      { type: 1, data: Uint8Array.of(4, 0, 0, 0) },
      { type: 0x8002, data: Uint8Array.of(4, 0, 1, 0) },
    ],
  };
  const { link } = through({ ...header, kind: 'quux', options });
  assert.equal([link['kind'], link['options']], ['quux', options]);
});

/** An absent object is an empty one, absent arrays are absent, and false flags say nothing where there is no mask. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(comparable);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, comparable(inner)])
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
  );
}

test.run();
