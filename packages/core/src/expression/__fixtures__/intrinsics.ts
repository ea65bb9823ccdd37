const watched: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  BigInt.prototype,
  Boolean.prototype,
  RegExp.prototype,
  Date.prototype,
  Map.prototype,
  Set.prototype,
  Uint8Array.prototype,
  Promise.prototype,
];

/** What the host's built-in objects hold now, as text: equal before and after means that none was touched. */
export function snapshotIntrinsics(): string {
  // The runtime adds symbols to the global object as it loads parts of itself; names are what an attack would add.
  return [...watched.map(describe), Object.getOwnPropertyNames(globalThis).join()].join('\n');
}

function describe(object: object): string {
  return Reflect.ownKeys(object)
    .map((key) => {
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      return `${String(key)}:${typeof descriptor?.value}:${descriptor?.writable}:${descriptor?.enumerable}:${descriptor?.configurable}`;
    })
    .join(',');
}
