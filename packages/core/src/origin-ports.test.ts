import { expect, it } from 'vitest';
import { originPorts } from './origin-ports.ts';
import { sampleConnector } from './routing/__fixtures__/sample-tenant.ts';

const at = (origin: string) => {
  const connector = sampleConnector('desk');
  return { ...connector, definition: { ...connector.definition, origin } };
};

it('opens the ports that origins name, templates included, each once', () => {
  const origins = [
    'https://a.example.com',
    'https://a.example.com:8443',
    'https://{site}.example.com:8443/x',
    'http://127.0.0.1:3000',
    'https://{site}.example.com',
  ];
  expect(originPorts(origins.map(at))).toEqual([8443, 3000]);
});

it('opens the ports of declared hosts too', () => {
  const made = at('https://a.example.com');
  const hosts = { files: { origin: 'https://files.example.com:9443' } };
  expect(originPorts([{ ...made, definition: { ...made.definition, hosts } }])).toEqual([9443]);
});
