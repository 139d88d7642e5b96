import { createContext, useContext } from 'react'

/** The content-security nonce of this answer. Empty in the browser, where the attribute is hidden after loading. */
const NonceContext = createContext('')

export const Nonce = NonceContext.Provider

export const useNonce = () => useContext(NonceContext)
