import { sequencesOf, type Entry, type EntryOf, type Tape } from './tape.ts';

/** What a reader can get. */
export type Answer = EntryOf<'receive' | 'fault' | 'silence'>;
type Send = EntryOf<'send'>;

const isAnswer = (entry: Entry): entry is Answer => entry.type === 'receive' || entry.type === 'fault' || entry.type === 'silence';

/** Entries in their order, and how many at the front are used up. */
interface Row<T extends Entry> {
  readonly entries: T[];
  used: number;
}

interface Place {
  /** The request that it answers, or that went before it where it names none. */
  readonly owner: Send | undefined;
  /** The requests that must be sent before it can come when the tape's order is kept: the first so many of `row`. */
  readonly row: Row<Send>;
  readonly count: number;
}

/** Which entries of a tape were played, and which may be next. */
export class Track {
  private readonly entries: readonly Entry[];
  private readonly used = new Set<Entry>();
  private readonly places = new Map<Answer, Place>();
  private readonly answers = new Map<number, Row<Answer>>();
  private readonly requests = new Map<number, Row<Send>>();
  private readonly all: Row<Send> = { entries: [], used: 0 };

  constructor(tape: Tape) {
    this.entries = tape.entries;
    for (const { socket } of this.of('socket')) {
      this.answers.set(socket, { entries: [], used: 0 });
      this.requests.set(socket, { entries: [], used: 0 });
    }
    const asking = new Set(this.of('send').map(({ socket }) => socket));
    const bySequence = new Map<string, Send>();
    for (const entry of tape.entries) {
      const { socket } = entry, requests = rowOf(this.requests, socket);
      if (entry.type === 'send') {
        requests.entries.push(entry);
        this.all.entries.push(entry);
        for (const sequence of sequencesOf(entry.bytes)) bySequence.set(`${socket} ${sequence}`, entry);
      } else if (isAnswer(entry)) {
        const named = entry.type === 'receive' ? bySequence.get(`${socket} ${sequencesOf(entry.bytes)[0]}`) : undefined;
        // who only listens hears what the requests before did, on whatever socket
        const row = asking.has(socket) ? requests : this.all;
        this.places.set(entry, { owner: named ?? requests.entries.at(-1), row, count: row.entries.length });
        rowOf(this.answers, socket).entries.push(entry);
      }
    }
  }

  of<T extends Entry['type']>(type: T): EntryOf<T>[] {
    return this.entries.filter((entry): entry is EntryOf<T> => entry.type === type);
  }

  isUsed(entry: Entry): boolean {
    return this.used.has(entry);
  }

  use(entry: Entry): void {
    this.used.add(entry);
  }

  /** The first request on a socket that was not sent yet. */
  nextSend(socket: number): Send | undefined {
    const row = rowOf(this.requests, socket);
    return row.entries[this.advance(row)];
  }

  /** Requests that were not sent yet, of one socket or of all. */
  unsent(socket?: number): Send[] {
    const row = socket === undefined ? this.all : rowOf(this.requests, socket);
    return row.entries.slice(this.advance(row)).filter((send) => !this.used.has(send));
  }

  /** How many requests were sent on a socket. */
  sent(socket: number): number {
    return rowOf(this.requests, socket).entries.length - this.unsent(socket).length;
  }

  /** Whether requests are sent on a socket at all. */
  asks(socket: number): boolean {
    return rowOf(this.requests, socket).entries.length > 0;
  }

  /** The next answer on a socket; `anyOrder` also takes one whose own request was sent, though others were not. */
  next(socket: number, anyOrder: boolean): Answer | undefined {
    const row = rowOf(this.answers, socket), first = row.entries[this.advance(row)];
    if (first === undefined) return undefined;
    const { row: before, count } = this.places.get(first)!;
    if (this.advance(before) >= count) return first;
    if (!anyOrder) return undefined;
    return row.entries.slice(row.used).find((answer) => {
      const { owner } = this.places.get(answer)!;
      return owner !== undefined && this.used.has(owner) && !this.used.has(answer);
    });
  }

  private advance(row: Row<Entry>): number {
    while (row.used < row.entries.length && this.used.has(row.entries[row.used]!)) row.used++;
    return row.used;
  }
}

/** The row of a socket; a tape that never opens it has none. */
function rowOf<T extends Entry>(rows: Map<number, Row<T>>, socket: number): Row<T> {
  let row = rows.get(socket);
  if (!row) rows.set(socket, (row = { entries: [], used: 0 }));
  return row;
}
