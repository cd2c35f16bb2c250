import type { Chain } from '../netfilter/index.ts';
import { call, type Call } from './plan/call.ts';

/** Docker asks that rules of others stand here, and never touches them. */
export const forUsers = 'DOCKER-USER';

type Place = Pick<Chain, 'family' | 'table' | 'name'>;

/** Whether a chain drops what is forwarded unless a rule of its own accepts it. */
export const dropsForwarded = ({ hook, policy }: Chain): boolean => hook === 'forward' && policy === 'drop';

/** The chain for rules of others that stands beside `chain`. */
export const userChain = (chains: readonly Chain[], chain: Place): Chain | undefined =>
  chains.find(({ family, table, name }) => family === chain.family && table === chain.table && name === forUsers);

/** Takes the rules with a comment out of a table of somebody else's. */
export const withoutRules = ({ family, table }: Place, comment: string): Call =>
  call('host', 'nft.removeRules', [{ family, table, comment }], ['ENOENT']);
