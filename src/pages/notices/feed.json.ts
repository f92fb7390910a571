import { feedRoute } from '../../ui/notices/feed-route.ts';

export const GET = feedRoute('json');
