import type { Outcome } from './adapter.ts';

/**
 * The outcome of a request, for a client that makes an error of some answers: `answerIn` finds the answer in that error,
 * or `undefined` where there is none. An error without an answer is thrown as it is.
 */
export async function outcomeOf(
  answer: Promise<Outcome>,
  answerIn: (error: unknown) => Outcome | undefined | Promise<Outcome | undefined>,
): Promise<Outcome> {
  try {
    return await answer;
  } catch (error) {
    const found = await answerIn(error);
    if (found === undefined) throw error;
    return { ...found, error };
  }
}
