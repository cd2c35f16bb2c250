#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { cni } from './cni/program.ts';

/** `netlink-ts-net`: what it is asked is told by the environment (CNI) or by its first word. */
const usage = `netlink-ts-net, the network of containers.
As a CNI plugin it is started by the runtime, with CNI_COMMAND in its environment.
`;

const { exitCode, output } = process.env['CNI_COMMAND'] !== undefined || process.argv.length > 2
  ? await cni({ variables: process.env, input: readFileSync(0, 'utf8'), state: process.env['NETLINK_TS_STATE'] })
  : { exitCode: 1, output: usage };
process.stdout.write(output);
process.exitCode = exitCode;
