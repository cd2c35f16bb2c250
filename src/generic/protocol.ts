import { protocol } from '../schema/protocol.ts';
import { controllerMessages } from './controller/message.ts';

/** NETLINK_GENERIC: the controller, which knows the other families. */
export const genericProtocol = protocol('NETLINK_GENERIC', 16, controllerMessages);
