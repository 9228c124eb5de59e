import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of its own for one test file, cloned from the migrated template. */
export const freshDatabase = () => newDatabase(' template passerelle');

/** One in which nothing is, as at the very first start. */
export const emptyDatabase = () => newDatabase('');

async function newDatabase(from: string): Promise<{ url: string; drop(): Promise<void> }> {
  const template = process.env['TEST_DATABASE_URL'];
  if (!template) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await asAdmin(template, `create database ${name}${from}`);
  return {
    url: template.replace(/\/passerelle$/, `/${name}`),
    drop: () => asAdmin(template, `drop database if exists ${name} with (force)`),
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url.replace(/\/passerelle$/, '/postgres'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
