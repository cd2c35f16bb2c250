import { get32 } from '../../bytes/memory.ts';
import { attribute, attributes, padding, type Infer } from '../../schema/attributes.ts';
import type { Codec } from '../../schema/codec.ts';
import { hoisted } from '../../schema/hoisted.ts';
import { later } from '../../schema/later.ts';
import { binary, cstring, flag, text } from '../../schema/leaves.ts';
import { masked } from '../../schema/masked.ts';
import { message, type Decoded, type Encodable, type Message } from '../../schema/message.ts';
import { packed } from '../../schema/arrays.ts';
import { bool8, s16, s32, u16, u32, u8 } from '../../schema/numbers.ts';
import { field, struct } from '../../schema/struct.ts';
import { tagged, type Cases } from '../../schema/tagged.ts';
import { filterKinds } from './filter/kinds/index.ts';
import { spellU32 } from './handle.ts';
import { chainHeader, classHeader, filterHeader, qdiscHeader } from './header.ts';
import type { KindInput, KindPart } from './kind.ts';
import { classKinds, kindStats, qdiscKinds } from './qdisc/kinds/index.ts';
import { estimator, oldStats, statsOf, type Stats } from './stats.ts';

/** `tc qdisc ... stab [mtu B] [tsize N] [mpu B] [overhead B] [linklayer L]`: what packets are taken to weigh. */
const stab = hoisted(attributes({
  base: attribute('TCA_STAB_BASE', 1, struct('tc_sizespec', 24, {
    cellLog: field('cell_log', 0, u8),
    sizeLog: field('size_log', 1, u8),
    cellAlign: field('cell_align', 2, s16),
    overhead: field('overhead', 4, s32),
    linklayer: field('linklayer', 8, u32),
    mpu: field('mpu', 12, u32),
    mtu: field('mtu', 16, u32),
    tsize: field('tsize', 20, u32),
  })),
  data: attribute('TCA_STAB_DATA', 2, packed(u16)),
}), 'base');

const readOnly = true;

const statsByKind = later(Object.fromEntries(Object.keys(kindStats).map((kind) => [kind, () => statsOf((kindStats as Cases)[kind]!)])));

/** Attributes of qdiscs, classes, filters and chains: TCA_ of include/uapi/linux/rtnetlink.h. */
const common = <K extends Cases>(kinds: K) => ({
  kind: attribute('TCA_KIND', 1, text(15)),
  options: attribute('TCA_OPTIONS', 2, tagged('kind', kinds, binary)),
  stats: attribute('TCA_STATS2', 7, tagged('kind', statsByKind, statsOf(binary)) as Codec<Stats>, { readOnly }),
  /** How the rate is measured: `estimator`. */
  rate: attribute('TCA_RATE', 5, estimator),
  /** What kernels told before TCA_STATS2, and tell still. */
  oldStats: attribute('TCA_STATS', 3, oldStats, { readOnly }),
  oldXstats: attribute('TCA_XSTATS', 4, tagged('kind', kindStats, binary), { readOnly }),
  fcnt: attribute('TCA_FCNT', 6, u32, { readOnly }),
  stab: attribute('TCA_STAB', 8, stab),
  dumpInvisible: attribute('TCA_DUMP_INVISIBLE', 10, flag),
  chain: attribute('TCA_CHAIN', 11, u32),
  hwOffload: attribute('TCA_HW_OFFLOAD', 12, bool8, { readOnly }),
  ingressBlock: attribute('TCA_INGRESS_BLOCK', 13, u32),
  egressBlock: attribute('TCA_EGRESS_BLOCK', 14, u32),
  dumpFlags: attribute('TCA_DUMP_FLAGS', 15, masked({ terse: ['TCA_DUMP_FLAGS_TERSE', 0x1] })),
  warning: attribute('TCA_EXT_WARN_MSG', 16, cstring, { readOnly }),
});

const pad = padding('TCA_PAD', 9);

export const qdiscMessage = message('qdisc', qdiscHeader, attributes(common(qdiscKinds), pad));
export const classMessage = message('class', classHeader, attributes(common(classKinds), pad));
const filterWire = message('filter', filterHeader, attributes(common(filterKinds), pad));
const chainWire = message('chain', chainHeader, attributes(common(filterKinds), pad));

/** Every filter and chain of a shared block has this as its link; the block's number stands where the parent would. */
export const blockIndex = -1;

/** A message whose objects say `block: 22` where the kernel has its number in the place of the parent. */
function placed<M extends Message<any, any>>(wire: M): M {
  return {
    ...wire,
    decode(m, at, end) {
      const value = wire.decode(m, at, end);
      if (value.index !== blockIndex || value.parent === undefined) return value; // a header that ends early has none
      const { index, parent: _, ...rest } = value;
      return { index, block: get32(m, at + 12), ...rest };
    },
    encode(w, { block, ...value }) {
      const parent = block === undefined ? value.parent : `${(block >>> 16).toString(16)}:${(block & 0xffff).toString(16)}`;
      wire.encode(w, block === undefined ? value : { ...value, index: blockIndex, parent });
    },
  };
}

const placedFilter = placed(filterWire);

/** RTM_NEWTFILTER: the handle of a u32 filter is text, as `tc` has it. */
export const filterMessage: typeof filterWire = {
  ...placedFilter,
  decode(m, at, end) {
    const filter = placedFilter.decode(m, at, end);
    if (filter.kind === 'u32' && typeof filter.handle === 'number') filter.handle = spellU32(filter.handle);
    return filter;
  },
};

/** RTM_NEWCHAIN */
export const chainMessage = placed(chainWire);

type WithKind<W, K extends Cases> = Omit<W, 'kind' | 'options' | 'stats' | 'oldStats' | 'oldXstats' | 'dumpInvisible' | 'dumpFlags'> & KindPart<K> & {
  stats?: Stats | undefined; oldStats?: Infer<typeof oldStats> | undefined; oldXstats?: unknown;
};
type Input<W, K extends Cases> = Omit<W, 'kind' | 'options' | 'stats' | 'oldStats' | 'oldXstats' | 'dumpInvisible' | 'dumpFlags'> & KindInput<K> & {
  stats?: Stats | undefined; oldStats?: Infer<typeof oldStats> | undefined; oldXstats?: unknown;
};

/** A qdisc as the kernel reports it. `qdisc.kind === 'htb'` narrows `qdisc.options`. */
export type Qdisc = WithKind<Decoded<typeof qdiscMessage>, typeof qdiscKinds>;
/** A qdisc to be made: at the root unless `parent` is given. */
export type QdiscInput = Input<Encodable<typeof qdiscMessage>, typeof qdiscKinds>;

/** A class; `handle` is what `tc` calls its classid. */
export type TcClass = WithKind<Decoded<typeof classMessage>, typeof classKinds>;
export type TcClassInput = Input<Encodable<typeof classMessage>, typeof classKinds>;

/** What tells filters and chains of a shared block from those of a link. */
type Placed<T extends { parent: unknown }> = Omit<T, 'parent'> & { parent?: T['parent'] | undefined; block?: number | undefined };

/** A filter, of a parent or of a shared block. `filter.kind === 'u32'` narrows `filter.options`. */
export type Filter = WithKind<Placed<Decoded<typeof filterMessage>>, typeof filterKinds>;
export type FilterInput = Input<Encodable<typeof filterMessage>, typeof filterKinds> & { block?: number | undefined };

/** A chain of filters; with `kind` and `options` the template that its filters keep to. */
export type Chain = Placed<Decoded<typeof chainMessage>>;
