import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received } from '../channel.ts';
import { readers } from '../shared/messaging/readers.ts';
import { type Dialect, receiveMessaging } from '../shared/messaging/receive-messaging.ts';

/** `user` and `permissions` tell of people who log in to the app, not of the page. */
export const dialect: Dialect = { objects: ['page', 'user', 'permissions'], object: 'page', readers };

export const receive = (request: VerifiedRequest): Received => receiveMessaging(request, dialect);
