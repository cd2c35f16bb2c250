// timeout: 900 s
import { test } from 'uvu';
import { noContainers } from '../../../support/installed.ts';
import { beforeKilling, killEach, ofLan } from '../../../support/killed.ts';
import { skip } from '../../../support/skip.ts';

beforeKilling();
killEach('macvlan', ofLan, ofLan);

const reason = noContainers('strace');
if (reason === undefined) test.run();
else skip(reason);
