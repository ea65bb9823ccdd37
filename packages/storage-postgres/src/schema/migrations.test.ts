import { expect, it } from 'vitest';
import { checksumOf } from './migration.ts';
import { migrations } from './migrations.ts';

// A schema that was installed with other statements is refused. Whatever else changes is a migration of its own.
it('are what has been installed', () => {
  expect(migrations.map((migration) => `${migration.version} ${migration.name} ${checksumOf(migration)}`)).toEqual([
    '1 first_tables 2b65cc2be8319a8feef7354fa49edda5',
    '2 partitioned_history a6a38a0e9e51f20006dff21ea005139b',
    '3 configuration_references f852f4f400383dae1b2e53a257aa6de8',
    '4 ordering_keys 5c5ff86e183d16020579f33309a29bfe',
    '5 dead_list a8caf7e92468d25aabaf72bbb19b94e6',
    '6 readable_views 3989d5479e8de04ad3fb8e83dfe4eacc',
    '7 tenant_policies a8afa4732c0100edb3365ee5bb2b3267',
    '8 audit_chain 40d7f98e9b76b56fcc37573d15a97c3e',
    '9 oauth_flows 01a5c9e6903849e3181e1d1ecc22e9fb',
    '10 configuration_log 8d1840ec68beb6dd4a43c7dbde953fa0',
    '11 connector_configurations 5ada54463144a06d07daf5143c118a13',
    '12 due_connections f979050de14e54881f7f1d78b00c2676',
    '13 endpoints_and_states 6d6e4aeee2676ba5e0e050c01375f692',
    '14 exchanges 67c9ab4dd0aa4f59b1649b5b078c9648',
    '15 kept_receipts 4aa8a32657845f2a29b2a3e401ed248a',
    '16 journal 0503a39ef6da9a7eb650cee2a02af300',
    '17 alert_rules bc9929a9698c87a4e205e48398c11a8e',
    '18 event_additions 0c2c8b1e01d39339d20952808ed3912f',
  ]);
});
