import { expect, it } from 'vitest';
import { bodyKindOf } from './body-kind.ts';

it.each([
  undefined,
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="latin1"',
  'application/cloudevents+json; charset=utf-8',
  'application/cloudevents-batch+json',
  'application/vnd.api+json',
])('takes %j for JSON', (type) => {
  expect(bodyKindOf(type)).toBe('json');
});

it.each([
  '',
  'text/plain',
  'text/json',
  'text/html',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=application/json',
  'multipart/form-data; boundary=a; type=application/json',
  'application/json, multipart/form-data',
  'multipart/form-data, application/json',
  'application/jsonp',
  'application/json+zip',
  'application/+json',
  'image/svg+json',
  '; application/json',
])('takes %j for nothing that it reads', (type) => {
  expect(bodyKindOf(type)).toBeUndefined();
});

it('takes what a webhook names, and that alone', () => {
  const form = 'application/x-www-form-urlencoded';
  expect(bodyKindOf(`${form}; charset=utf-8`, [form])).toBe('form');
  expect(bodyKindOf('text/plain; charset=UTF-8', ['text/plain'])).toBe('json');
  expect(bodyKindOf('application/json', [form])).toBeUndefined();
  expect(bodyKindOf('application/a+json', ['application/json'])).toBeUndefined();
});
