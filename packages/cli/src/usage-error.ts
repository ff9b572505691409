/** The command line itself is wrong. Its message never repeats a value, which may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
