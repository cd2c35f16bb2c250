/** The four modes that docker has for the network of a container: bridge, host, none, container. */
import { attach } from './attach.ts';
import { detach, prune } from './detach.ts';

export { container, host, none } from './join.ts';

export const bridge = { attach, detach, prune } as const;
