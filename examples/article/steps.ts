import { readdirSync, readFileSync } from 'node:fs';
import type { Step, World } from './step.ts';

/** A step with its number and the lines of its `run`, as they stand in its file. */
export interface NumberedStep extends Step {
  readonly number: number;
  readonly call: string;
}

/** The steps in the article's order: the files beside this one whose names begin with a number. */
export async function allSteps(): Promise<NumberedStep[]> {
  const names = readdirSync(new URL('.', import.meta.url)).filter((name) => /^\d\d-.*\.ts$/.test(name)).sort();
  return Promise.all(names.map(async (name) => {
    const file = new URL(name, import.meta.url);
    const { step } = await import(file.href) as { step: Step };
    return { ...step, number: Number.parseInt(name), call: callOf(file) };
  }));
}

function callOf(file: URL): string {
  const body = /^ {2}run: async \(.*\) => \{\n([^]*?)^ {2}\},$/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (body === undefined) throw new Error(`no run in ${file}`);
  return body.replaceAll(/^ {4}/gm, '').trimEnd();
}

/** Does a step; gives what it has to print and what was said to the kernel and back. */
export async function perform(step: Step, world: World): Promise<{ lines: string[] | undefined; traces: string[] }> {
  const nl = world[step.place], traces: string[] = [];
  nl.trace = (text) => void traces.push(text);
  try {
    return { lines: (await step.run(world)) ?? undefined, traces };
  } finally {
    nl.trace = false;
  }
}
