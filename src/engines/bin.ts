#!/usr/bin/env node
/** Starts the program, with what Node has compiled of it before, where it can keep that: in a folder of root's alone. */
const { enableCompileCache } = process.getBuiltinModule('node:module') as { enableCompileCache?: (folder: string) => void };
if (process.getuid!() === 0) enableCompileCache?.('/run/netlink-ts/compiled');
await import('./main.ts');
