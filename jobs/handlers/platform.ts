import { sendNotification } from '~/platform/notification/notification.server'
import type { Handlers } from '../handler'

export const platform = {
  'platform.notification.send': (ctx, { notificationId }) => sendNotification(ctx, notificationId),
} satisfies Handlers<'platform.'>
