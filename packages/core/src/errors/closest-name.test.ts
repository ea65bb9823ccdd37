import { describe, expect, it } from 'vitest';
import { closestName, suggestion } from './closest-name.ts';

const names = ['status', 'total', 'customer', 'id'];

describe('closestName', () => {
  it.each([
    ['statsu', 'status'],
    ['Status', 'status'],
    ['totals', 'total'],
    ['ttal', 'total'],
    ['costumer', 'customer'],
    ['ids', 'id'],
  ])('takes %s for %s', (given, meant) => {
    expect(closestName(given, names)).toBe(meant);
  });

  it.each(['amount', 'sta', '', 'x'.repeat(65), 'xy'])('takes "%s" for none', (given) => {
    expect(closestName(given, names)).toBeUndefined();
  });

  it('takes the nearer of two', () => {
    expect(closestName('name1', ['name', 'name2', 'name1s'])).toBe('name');
    expect(closestName('nam', [])).toBeUndefined();
  });
});

describe('suggestion', () => {
  it('names what there is where nothing is near, and says where there is more or nothing', () => {
    expect(suggestion('amount', names)).toBe('; there are status, total, customer, id');
    expect(suggestion('amount', [])).toBe('; there are none');
    const many = Array.from({ length: 23 }, (_, index) => `field_number_${index}`);
    expect(suggestion('amount', many)).toMatch(/^; there are field_number_0, .* and 3 more$/);
  });
});
