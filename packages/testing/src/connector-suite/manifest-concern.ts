import type { Connector } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ConnectorSubject } from './connector-subject.ts';

/** The manifest: complete, JSON, and in step with the cases. */
export function describeManifest<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const connector: Connector = subject.create('https://api.example.com');
  const { manifest } = connector;
  describe('manifest', () => {
    it('is JSON through and through', () => {
      expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    });

    it('says who and where: id, name, description, version, documentation, category, a way in', () => {
      expect(manifest.id, 'id').toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(manifest.name, 'name').toMatch(/\S/);
      expect(manifest.description, 'description').toMatch(/\S/);
      expect(manifest.version, 'version').toMatch(/^\d+\.\d+\.\d+/);
      const documented = "docsUrl: give the definition the https address of the service's documentation";
      expect(manifest.docsUrl ?? '(none)', documented).toMatch(/^https:\/\//);
      expect(manifest.auth.length, 'auth').toBeGreaterThan(0);
    });

    it('describes each action, with a reason for each scope', () => {
      for (const action of manifest.actions) {
        expect(action.name, action.name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
        expect(action.title, action.name).toMatch(/\S/);
        expect(action.description, action.name).toMatch(/\S/);
        for (const { scope, reason } of action.scopes) expect(reason, `${action.name}: ${scope}`).toMatch(/\S/);
      }
    });

    it('has a JSON Schema of each input, output and payload, and inputs refuse what they do not know', () => {
      for (const { name, input, output } of manifest.actions) {
        expect(input, name).toMatchObject({ type: 'object', additionalProperties: false });
        expect(output, name).toMatchObject({ type: 'object' });
      }
      for (const { name, payload } of manifest.triggers) expect(payload, name).toMatchObject({ type: 'object' });
    });

    it('lists payloads that keep fields the connector does not know', () => {
      for (const { name, payload } of manifest.triggers) expect(payload['additionalProperties'], name).not.toBe(false);
    });

    it('has a case for each action', () => {
      expect([...new Set(subject.actions.map(({ name }) => name))].sort()).toEqual(manifest.actions.map(({ name }) => name).sort());
    });

    it('has an endless listing for each action that is paginated', () => {
      const paginated = manifest.actions.filter((action) => action.paginated).map(({ name }) => name);
      const given = new Set(subject.actions.filter(({ pages }) => pages !== undefined).map(({ name }) => name));
      expect([...given].sort(), 'the actions with pages in a case, and those that declare paginated').toEqual(paginated.sort());
    });

    it('has a case for its OAuth', () => {
      expect(subject.oauth !== undefined).toBe(manifest.auth.some(({ type }) => type === 'oauth2'));
    });

    it('has a case for each trigger that is polled', () => {
      const given = (subject.polls ?? []).map(({ trigger }) => trigger);
      const declared = manifest.triggers.filter(({ delivery }) => delivery === 'polling').map(({ name }) => name);
      expect([...given].sort()).toEqual(declared.sort());
    });

    it('has a delivery for each trigger that comes by webhook', () => {
      const made = new Set(subject.deliveries.map(({ trigger }) => trigger).filter((trigger) => trigger !== null));
      const declared = manifest.triggers.filter(({ delivery }) => delivery === 'webhook').map(({ name }) => name);
      expect([...made].sort()).toEqual(declared.sort());
    });
  });
}
