import { streams } from './body.ts';
import type { Case } from './case.ts';
import { hasOwnToken } from './client.ts';
import { good, type Run } from './run.ts';
import type { Described } from './shown.ts';

/** A difference that is meant. */
interface Meant {
  readonly what: string;
  readonly why: string;
  /** What is left of a run that has it. */
  readonly leave: (run: Run, given: Case, isAttached: boolean) => Run;
}

/** The codes of errors that are about a redirect, and not about a connection. */
const ownWords = [undefined, 'ERR_INVALID_URL'];

export const meant: readonly Meant[] = [
  {
    what: 'a token goes to its own origin alone, and on every way there',
    why: 'a plain client sends a fixed header wherever it is told to, and loses it for good where a redirect leads elsewhere and back',
    leave: (run, given, isAttached) => {
      if (isAttached || hasOwnToken(given)) return run;
      return { ...run, tokens: run.tokens.map(({ at }) => ({ at, token: at === 'own' ? good : undefined })) };
    },
  },
  {
    what: 'a redirect without an end may be followed a little further',
    why: 'where no token goes, fetch itself goes on, and counts from the beginning',
    leave: (run) => {
      const [seen, tokens] = [run.seen.slice(0, 20), run.tokens.slice(0, 20)];
      return run.seen.length > 20 ? { ...run, seen, tokens } : run;
    },
  },
  {
    what: 'what a failed redirect is caused by has words of its own',
    why: 'redirects that are followed by hand fail by an error of ours, inside that of the client',
    leave: (run) =>
      withCauses(run, (error) =>
        /^(fetch failed|Network Error)$/.test(error.message) &&
        typeof error.cause === 'object' &&
        ownWords.includes(error.cause.code)
          ? { ...error, cause: 'of the redirect' }
          : error,
      ),
  },
  {
    what: 'the error of a 401 has one cause more',
    why: 'it says why the request was not sent again with another token',
    leave: (run) =>
      withCauses(run, ({ cause, ...error }) => {
        // got gives each answer that is an error an empty cause.
        const isMeant =
          typeof cause === 'object' && (cause.code === 'ERR_TOKEN_REJECTED' || cause.message === undefined);
        return isMeant ? error : { ...error, cause };
      }),
  },
  {
    what: 'a redirect that makes a GET of a POST is followed after a stream',
    why: 'the body of a Request does not say whether it is a stream, so the next request decides: it needs none',
    leave: (run, { body, answers }) => {
      const makesGet = answers.some(
        (answer) => typeof answer === 'object' && 'redirect' in answer && answer.redirect < 303,
      );
      return body && streams.includes(body.kind) && makesGet ? { ...run, seen: [], tokens: [], outcome: {} } : run;
    },
  },
  {
    what: 'the content type of a form that is sent again is the last of the headers that the caller gave',
    why: 'it names the boundary, which is another one then, and fetch does not promise an order',
    leave: (run, { body, stale }) => {
      if (body?.kind !== 'FormData' || !stale) return run;
      const sorted = run.seen.map(({ headers, ...request }) => ({
        ...request,
        headers: headers.map(String).toSorted(),
      }));
      return { ...run, seen: sorted as unknown as Run['seen'] };
    },
  },
];

/** A run without the differences that are meant. */
export function withoutMeant(run: Run, given: Case, isAttached: boolean): Run {
  return meant.reduce((left, { leave }) => leave(left, given, isAttached), run);
}

/** A run whose error, and each of its causes, is told in another way. */
function withCauses(run: Run, tell: (error: Described) => Described): Run {
  const retold = (error: Described): Described => {
    const { cause, ...rest } = tell(error);
    return typeof cause === 'object' ? { ...rest, cause: retold(cause) } : { ...rest, cause };
  };
  return run.outcome.failed ? { ...run, outcome: { failed: retold(run.outcome.failed) } } : run;
}
