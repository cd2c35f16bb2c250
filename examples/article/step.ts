import type { RouteClient } from 'netlink-ts';

/** Where the article takes place: a connection to each namespace, and the process that is the container. */
export interface World {
  readonly host: RouteClient;
  readonly container: RouteClient;
  readonly pid: number;
}

/** One line of the article. */
export interface Step {
  /** As the article has it. */
  readonly command: string;
  readonly place: 'host' | 'container';
  /** Our way to do it; the lines of its body are what is printed as our call. May give lines to print. */
  readonly run: (world: World) => Promise<string[] | void>;
  /** What there is to say about it. */
  readonly note?: string;
}
