/** Where an invited person answers. */
export const invitationPath = (code: string) => `/invitations/${code}`
