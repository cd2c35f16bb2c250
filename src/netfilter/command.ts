import { quote } from '../bytes/shell.ts';

/** A command of nft. Braces and semicolons mean something to a shell too, as may names: all is one word to it then. */
export const nft = (words: string, options = ''): string => `nft ${options}${/^[\w@%+=:,./ -]+$/.test(words) ? words : quote(words)}`;
