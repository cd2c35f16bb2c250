import { NetlinkError } from '../../errors.ts';
import type { Owner } from '../network/request.ts';
import type { CniConfig } from './config.ts';
import { CniError } from './errors.ts';
import type { CniEnvironment } from './types.ts';

/** A call, read and checked. */
export interface Asked {
  readonly config: CniConfig;
  readonly environment: CniEnvironment;
  readonly state: string;
}

export const ownerOf = ({ config: { name }, environment: { containerId, ifname } }: Asked): Owner =>
  ({ network: name, container: containerId, ifname });

/** Errors of namespaces and names in the words of the specification. */
export function translated(error: unknown): unknown {
  if (!(error instanceof NetlinkError) || error instanceof CniError) return error;
  switch (error.code) {
    case 'ERR_LINK_EXISTS': return new CniError('invalidEnvironment', `CNI_IFNAME: ${error.message}`);
    case 'ERR_NOT_A_NAMESPACE': return new CniError('invalidNamespace', `CNI_NETNS: ${error.message}`);
    case 'ERR_OWN_NAMESPACE': return new CniError('invalidNamespace', `CNI_NETNS: ${error.message}`);
    case 'ERR_ADDRESS_IN_USE': return new CniError('noAddress', error.message);
    case 'ENOENT': return 'syscall' in error && error.syscall === 'open' ? new CniError('unknownContainer', `CNI_NETNS: ${error.message}`) : error;
    default: return error;
  }
}
