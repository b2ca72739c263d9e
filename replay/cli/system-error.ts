/** What the system says when a file cannot be had, in words for people. */

export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;

/** `no such file or directory (ENOENT)`: the system's words without the call and its arguments. */
export const whatFailed = ({ message, code }: NodeJS.ErrnoException): string =>
  `${message.replace(/^\w+: /, "").replace(/, \w+( '.*')?$/s, "")} (${code})`;
