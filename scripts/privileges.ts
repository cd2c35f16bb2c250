/**
 * Writes docs/privileges.md from the declarations: the capability that each operation needs, and what is left of it for a
 * plain user. `npm run operations` runs it.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needText, needsOf, otherNeeds, spanning, type Need } from '../src/privileges.ts';
import { families } from '../src/route/families.ts';
import { attempts } from '../test/support/plain-user.ts';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** Operations with the same needs, in one row. */
function rows(): string[] {
  const groups = new Map<string, string[]>();
  for (const [family, operations] of Object.entries(families))
    for (const [verb, make] of Object.entries(operations)) {
      if (typeof make !== 'function') continue;
      const need = said(needsOf(`${family}.${verb}`));
      groups.set(`${family} ${need}`, [...(groups.get(`${family} ${need}`) ?? []), verb]);
    }
  return [...groups].map(([key, verbs]) => {
    const [family = ''] = key.split(' ');
    return `| \`nl.${family}\` | ${verbs.sort().map((verb) => `\`${verb}\``).join(' ')} | ${key.slice(family.length + 1)} |`;
  });
}

const said = (needs: readonly Need[]): string => (needs.length === 0 ? 'nothing' : needText(needs));

/** The whole page. */
export function privilegesPage(): string {
  const across = Object.entries(spanning).map(([operation, when]) => `| \`nl.${operation}\` | ${/ |always/.test(when) ? when : `\`${when}\``} | ${said(needsOf(operation, true))} |`);
  const others = Object.entries(otherNeeds).map(([what, needs]) => `| ${what === 'netfilter' ? 'all of `netlink-ts/netfilter`, to ask as well' : what} | ${said(needs)} |`);
  const plain = attempts.map(({ what, becomes, note = '' }) => `| ${what} | ${becomes === 'EPERM' ? 'no' : becomes === 'works' ? 'yes' : 'it depends'} | ${note} |`);
  return `# Privileges

Written by \`npm run operations\` from the table that errors say it by, \`src/privileges.ts\`. Where the kernel answers EPERM,
\`error.hint\` tells what the operation takes and, with a real kernel, what this thread lacks just then.

## Operations of rtnetlink

| Family | Operations | What they take |
|---|---|---|
${rows().join('\n')}

Some speak of another network namespace, and take more then:

| Operation | Where it is said | What it takes then |
|---|---|---|
${across.join('\n')}

## Besides

| What | What it takes |
|---|---|
${others.join('\n')}

## A plain user in a user namespace

Whoever may make user namespaces has all capabilities in their own: \`unshare --user --map-root-user --net --mount\`. Each row is
tried by \`test/live/privileges/privileges.test.ts\`, as such a user and as root, for whom all of it works.

| What | Works | |
|---|---|---|
${plain.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(top, 'docs/privileges.md'), privilegesPage());
