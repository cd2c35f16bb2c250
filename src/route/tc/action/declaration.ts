import { attribute, attributes, padding, type AttributesOutput } from '../../../schema/attributes.ts';
import { list, type ListCodec } from '../../../schema/arrays.ts';
import { binary, hexadecimal, text } from '../../../schema/leaves.ts';
import { masked } from '../../../schema/masked.ts';
import { u32 } from '../../../schema/numbers.ts';
import { tagged } from '../../../schema/tagged.ts';
import { actionKinds } from './kinds/index.ts';
import type { KindInput, KindPart } from '../kind.ts';
import { statsOf, type Stats } from '../stats.ts';

const hwStats = { immediate: ['TCA_ACT_HW_STATS_IMMEDIATE', 0x1], delayed: ['TCA_ACT_HW_STATS_DELAYED', 0x2] } as const;

const set = attributes({
  kind: attribute('TCA_ACT_KIND', 1, text(15)),
  options: attribute('TCA_ACT_OPTIONS', 2, tagged('kind', actionKinds, binary)),
  index: attribute('TCA_ACT_INDEX', 3, u32),
  stats: attribute('TCA_ACT_STATS', 4, statsOf(binary), { readOnly: true }),
  /** Up to 16 bytes that belong to whoever made the action. */
  cookie: attribute('TCA_ACT_COOKIE', 6, hexadecimal),
  flags: attribute('TCA_ACT_FLAGS', 7, masked({
    noPercpuStats: ['TCA_ACT_FLAGS_NO_PERCPU_STATS', 0x1],
    skipHw: ['TCA_ACT_FLAGS_SKIP_HW', 0x2],
    skipSw: ['TCA_ACT_FLAGS_SKIP_SW', 0x4],
  })),
  hwStats: attribute('TCA_ACT_HW_STATS', 8, masked(hwStats)),
  usedHwStats: attribute('TCA_ACT_USED_HW_STATS', 9, masked(hwStats), { readOnly: true }),
  inHwCount: attribute('TCA_ACT_IN_HW_COUNT', 10, u32, { readOnly: true }),
}, padding('TCA_ACT_PAD', 5));

type Kinds = typeof actionKinds;
type Rest = Omit<AttributesOutput<typeof set.declarations>, 'kind' | 'options' | 'stats'>;

/** An action as the kernel reports it. `action.kind === 'mirred'` narrows `action.options`. */
export type Action = Rest & KindPart<Kinds> & { stats?: Stats | undefined };

/** An action to be made or used; a filter's actions are done in their order. */
export type ActionInput = Partial<Rest> & KindInput<Kinds> & { stats?: Stats | undefined };

/** Actions by their order, 1 first. */
export const actions = list('TCA_ACT', set) as unknown as ListCodec<Action>;
