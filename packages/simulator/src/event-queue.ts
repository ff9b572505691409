/** Something that is to happen. */
interface Event {
  readonly time: number;
  /** Of what is due at the same time, the lower happens first. */
  readonly rank: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/** What is to happen, soonest first: a heap. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #count = 0;

  /** Returns what cancels it. */
  add(time: number, rank: number, action: () => void): () => void {
    const event: Event = { time, rank, order: this.#count++, action };
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
    return () => (event.action = undefined);
  }

  /** Takes the next one that is due by `end`. */
  take(end: number): { readonly time: number; readonly action: () => void } | undefined {
    for (let [first] = this.#heap; first !== undefined && first.time <= end; [first] = this.#heap) {
      this.#removeFirst();
      const { time, action } = first;
      if (action !== undefined) return { time, action };
    }
    return undefined;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const { length } = heap;
    if (length === 0) return;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  if (one.time !== other.time) return one.time < other.time;
  return one.rank === other.rank ? one.order < other.order : one.rank < other.rank;
}
