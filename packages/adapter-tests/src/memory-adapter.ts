import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Where oidc-provider keeps what it issues. Its own one in memory warns that it must not be used. */
export class MemoryAdapter implements Adapter {
  readonly #entries: Map<string, AdapterPayload> = new Map();

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#entries.set(id, payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#entries.get(id);
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async consume(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
}
