import { turnRoute } from '../../../../ui/webhooks/webhook-routes.ts';

export const POST = turnRoute('owner');
