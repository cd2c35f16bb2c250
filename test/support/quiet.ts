/** An option of Node: what it says of node:ffi is none of our errors. */
export const quiet = '--disable-warning=ExperimentalWarning';
