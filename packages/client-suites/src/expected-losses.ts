/** A test that cannot pass with the adapter attached, and why that is right. */
export interface ExpectedLoss {
  readonly suite: string;
  readonly test: string;
  readonly reason: string;
}

export const expectedLosses: readonly ExpectedLoss[] = [];

export function isExpected(suite: string, test: string): boolean {
  return expectedLosses.some((loss) => loss.suite === suite && loss.test === test);
}
