export * from './open.ts';
export * from './errors.ts';
export * as netns from './netns/index.ts';
