import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { netns } from '../../src/index.ts';
import { bundle } from './build.ts';
import { makeUplink, pageFrom } from './lan.ts';
import { makeMachine, type Machine } from './machine.ts';
import { remains } from './remains.ts';

/** Somebody who does what a page says, on a machine of his own whose uplink em1 leads to a LAN. */
export interface Reader {
  readonly lan: netns.Namespace;
  readonly machine: Machine;
  /** What he and all that he starts has in its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** The block as it must be here: each of these words stands in it, and becomes others. */
  here(block: string, words?: Readonly<Record<string, string>>): string;
  /** Does that; gives what it prints. Fails where one of its commands does. */
  does(block: string, words?: Readonly<Record<string, string>>): string;
  /** What somebody on the LAN gets, or the host itself. */
  page(url: string, from?: 'host'): string;
  left(): string[];
  close(): Promise<void>;
}

/** There is no registry here: the package is installed before anybody reads. */
const installs = 'npm install -g netlink-ts\n';

export async function makeReader(): Promise<Reader> {
  const lan = await makeUplink(), machine = await makeMachine(), prefix = mkdtempSync(join(tmpdir(), 'global-'));
  install(prefix);
  const env = { PATH: `${join(prefix, 'bin')}:${process.env.PATH}`, npm_config_prefix: prefix };
  const here: Reader['here'] = (block, words = {}) => Object.entries({ ...(block.includes(installs) && { [installs]: '' }), ...words }).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the page does not say: ${from}`);
    return text.replaceAll(from, () => to);
  }, block);
  return {
    lan, machine, env, here,
    does: (block, words) => machine.run('sh', ['-euxc', here(block, words)], { env }),
    page: (url, from) => pageFrom(from === 'host' ? netns.current() : lan, url),
    left: () => remains({ folders: ['attachments', 'bridges', 'pools'].map((name) => join('/run/netlink-ts', name)), pid: machine.pid }),
    close: async () => {
      await machine.close();
      lan.close();
    },
  };
}

/** Puts the package where `npm install -g` would, with the files that it has, and Node and systemctl beside its program. */
function install(prefix: string): void {
  const top = dirname(dirname(dirname(fileURLToPath(import.meta.url)))), dist = bundle(), folder = dirname(dist);
  const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { files: string[]; bin: Record<string, string> };
  for (const name of manifest.files) if (!existsSync(join(folder, name))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(top, name), join(folder, name));
  }
  const bin = join(prefix, 'bin'), modules = join(prefix, 'lib/node_modules');
  for (const path of [bin, modules]) mkdirSync(path, { recursive: true });
  symlinkSync(folder, join(modules, 'netlink-ts'));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, file] of Object.entries(manifest.bin)) {
    chmodSync(join(folder, file), 0o755);
    symlinkSync(join(folder, file), join(bin, name));
  }
  writeFileSync(join(bin, 'systemctl'), systemctl, { mode: 0o755 });
}

/**
 * What `systemctl enable --now` does for our sockets. No systemd is started: it would take the machine's /tmp, /dev and
 * sysctls for its own.
 */
const systemctl = `#!/bin/sh -eu
[ "$1 $2" = "enable --now" ]
unit=/etc/systemd/system/$3 service=/etc/systemd/system/\${3%.socket}.service
socket=$(sed -n s/^ListenStream=//p "$unit") command=$(sed -n s/^ExecStart=//p "$service")
mkdir -p "\${socket%/*}"
systemd-socket-activate -l "$socket" $command < /dev/null > /dev/null 2>&1 &
while [ ! -S "$socket" ]; do sleep 0.05; done
`;
