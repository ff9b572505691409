import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
type Raw = NonNullable<Controller['rawHeaders']> | null;

/** What the user's handler controls: the attempt that is under way, or the answer that is kept in between. */
export class CurrentController implements Controller {
  target: Controller;

  constructor(target: Controller) {
    this.target = target;
  }

  get paused(): boolean {
    return this.target.paused;
  }

  get aborted(): boolean {
    return this.target.aborted;
  }

  get reason(): Error | null {
    return this.target.reason;
  }

  get rawHeaders(): Raw {
    return this.target.rawHeaders ?? null;
  }

  set rawHeaders(headers: Raw) {
    Object.assign(this.target, { rawHeaders: headers });
  }

  get rawTrailers(): Raw {
    return this.target.rawTrailers ?? null;
  }

  set rawTrailers(trailers: Raw) {
    Object.assign(this.target, { rawTrailers: trailers });
  }

  pause(): void {
    this.target.pause();
  }

  resume(): void {
    this.target.resume();
  }

  abort(reason: Error): void {
    this.target.abort(reason);
  }
}
