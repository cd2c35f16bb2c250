// timeout: 400 s
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installed, noContainers } from '../../../support/installed.ts';
import { hostAddress } from '../../../support/lan.ts';
import { pageOf } from '../../../support/page.ts';
import { makeReader, type Reader } from '../../../support/reader.ts';
import { nothingElse } from '../../../support/remains.ts';
import { skip } from '../../../support/skip.ts';

const { shell: [block, ...more], addresses: [behindNat] } = pageOf('oci-hook.md');
let reader: Reader;

test.before(async () => {
  reader = await makeReader();
});
test.after(() => reader?.close());

/** The last command takes away what the others have made: before it, one looks. */
const [made, gone] = [block!.slice(0, block!.lastIndexOf('\n') + 1), block!.slice(block!.lastIndexOf('\n') + 1)];

for (const program of ['runc', 'crun'])
  test(`oci-hook.md: ${program}`, async () => {
    if (!installed(program)) return skip(`${program} is not installed`);
    const before = reader.left(), setting = 'config.process.terminal = false;', group = `config.linux.cgroupsPath = "/${reader.machine.group}/web";`;
    assert.match(reader.does(made, { 'runc ': `${program} `, [setting]: `${setting} ${group}` }), /served$/);
    for (const address of [`${behindNat}/`, '127.0.0.1:8080/']) assert.match(reader.page(`http://${address}busybox`, 'host'), /^\x7fELF/);
    assert.match(reader.page(`http://${hostAddress}:8080/busybox`), /^\x7fELF/);
    reader.does(gone, { 'runc ': `${program} ` });
    reader.does('rm -r /tmp/web /run/netlink-ts'); // the next one begins with the first address, too
    await nothingElse(before, reader.left);
    assert.equal(more, []);
  });

const reason = noContainers('npm', 'runc', 'busybox', 'nsenter', 'unshare', 'wget');
if (reason === undefined) test.run();
else skip(reason);
