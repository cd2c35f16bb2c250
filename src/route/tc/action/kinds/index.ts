import { later } from '../../../../schema/later.ts';
import { bpfAction } from './bpf.ts';
import { connmarkAction } from './connmark.ts';
import { csumAction } from './csum.ts';
import { ctAction } from './ct.ts';
import { ctinfoAction } from './ctinfo.ts';
import { gactAction } from './gact.ts';
import { mirredAction } from './mirred.ts';
import { mplsAction } from './mpls.ts';
import { natAction } from './nat.ts';
import { peditAction } from './pedit.ts';
import { policeAction } from './police.ts';
import { sampleAction } from './sample.ts';
import { simpleAction } from './simple.ts';
import { skbeditAction } from './skbedit.ts';
import { skbmodAction } from './skbmod.ts';
import { tunnelKeyAction } from './tunnel-key.ts';
import { vlanAction } from './vlan.ts';

/** The kinds of actions whose options have names; those of any other kind are bytes. */
export const actionKinds = later({
  bpf: () => bpfAction,
  connmark: () => connmarkAction,
  csum: () => csumAction,
  ct: () => ctAction,
  ctinfo: () => ctinfoAction,
  gact: () => gactAction,
  mirred: () => mirredAction,
  mpls: () => mplsAction,
  nat: () => natAction,
  pedit: () => peditAction,
  police: () => policeAction,
  sample: () => sampleAction,
  simple: () => simpleAction,
  skbedit: () => skbeditAction,
  skbmod: () => skbmodAction,
  tunnel_key: () => tunnelKeyAction,
  vlan: () => vlanAction,
});
