import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Keeps what the authorization server remembers, as long as it runs. One that is not for a show keeps it in a database. */
export function memoryAdapters(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  const find = (fits: (payload: AdapterPayload) => boolean) => [...kept.values()].find(fits);
  return (model) => {
    const key = (id: string): string => `${model}:${id}`;
    return {
      upsert: async (id, payload) => void kept.set(key(id), payload),
      find: async (id) => kept.get(key(id)),
      findByUid: async (uid) => find((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => find((payload) => payload.userCode === userCode),
      async consume(id) {
        const payload = kept.get(key(id));
        if (payload) kept.set(key(id), { ...payload, consumed: Math.floor(Date.now() / 1_000) });
      },
      destroy: async (id) => void kept.delete(key(id)),
      async revokeByGrantId(grantId) {
        for (const [id, payload] of kept) if (payload.grantId === grantId) kept.delete(id);
      },
    };
  };
}
