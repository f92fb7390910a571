import { parentPort } from 'node:worker_threads';

import { type SearchIndex, createSearchIndex } from './search-index.ts';
import type { ThreadAnswer, ThreadQuestion } from './search-thread.ts';

/** Runs in the thread of `search-thread.ts`. A new index takes the place of the present one when it is complete. */
let present: SearchIndex = createSearchIndex();
let next: SearchIndex = createSearchIndex();

parentPort?.on('message', (question: ThreadQuestion) => {
  const answer = answerTo(question);
  if (answer) parentPort?.postMessage(answer);
});

function answerTo(question: ThreadQuestion): ThreadAnswer | null {
  switch (question.type) {
    case 'begin':
      next = createSearchIndex();
      return null;
    case 'add':
      next.add(question.sources);
      return { id: question.id, groups: [] };
    case 'publish':
      present = next;
      next = createSearchIndex();
      return { id: question.id, groups: [] };
    case 'search':
      return { id: question.id, groups: present.search(question.question) };
  }
}
