import { type AddressRange, isWithin, parseAddressRange } from '../../../net/address-range.ts';

/** True for an address of one of the ranges. One that is not known is of none, so a list lets nothing in whose sender cannot be told. */
export function comesFrom(address: Uint8Array | null, ranges: readonly AddressRange[]): boolean {
  return address !== null && ranges.some((range) => isWithin(address, range));
}

/** The same for ranges as text. Text that is no range lets nothing in. */
export function comesFromNamed(address: Uint8Array | null, ranges: readonly string[]): boolean {
  return comesFrom(
    address,
    ranges.flatMap((text) => parseAddressRange(text) ?? []),
  );
}
