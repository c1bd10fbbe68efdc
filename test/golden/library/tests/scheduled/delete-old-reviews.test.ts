import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deleteOldReviews } from '../../src/scheduled/delete-old-reviews.ts';
import { openTaskSetting } from '../support/tasks.ts';

describe('the scheduled task deleteOldReviews', () => {
  it('logs that it is not written', { timeout: 5_000 }, async () => {
    using setting = openTaskSetting('seeded');
    await deleteOldReviews(setting.context);
    assert.match(setting.lines.map(({ msg }) => msg).join('\n'), /^Not implemented yet: /);
  });
});
