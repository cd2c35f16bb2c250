// timeout: 900 s
import { test } from 'uvu';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killEach } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

beforeKilling();
killEach('ptp', { runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 80 }] } }, {});

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
