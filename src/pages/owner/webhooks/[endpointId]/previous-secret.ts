import { endPreviousSecretRoute } from '../../../../ui/webhooks/webhook-routes.ts';

export const POST = endPreviousSecretRoute('owner');
