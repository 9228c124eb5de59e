import { expect, test } from 'vitest';
import { fullness } from './rate-headers.ts';

test.each([
  [{}, undefined],
  [{ 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":91}' }, 0.91],
  [
    {
      'x-business-use-case-usage':
        '{"555":[{"type":"messenger","call_count":100,"total_cputime":2,"estimated_time_to_regain_access":3}]}',
    },
    1,
  ],
  [{ 'x-app-usage': 'not json' }, undefined],
])('%j is %j full', (headers, expected) => expect(fullness(headers as Record<string, string>)).toBe(expected));
