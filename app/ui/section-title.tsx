import { createContext } from 'react'

/** The title of the section one stands in: a table of the same name need not show it twice. */
export const SectionTitle = createContext('')
