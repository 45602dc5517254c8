/** Lines of the icons, in a square of 24. */
export const CHAT = 'M20 11.5a7.5 7.5 0 0 1-7.5 7.5H5l1.6-2.7A7.5 7.5 0 1 1 20 11.5Z';
export const CLOSE = 'M6 6l12 12M18 6L6 18';
export const MORE = 'M5.5 12h.01M12 12h.01M18.5 12h.01';
export const SEND = 'M5 12h13M12.5 6l6 6-6 6';
export const STOP = 'M8 8h8v8H8z';
export const CLIP = 'M19 11.5l-7 7a4.6 4.6 0 0 1-6.500-6.500l7.500-7.500a3 3 0 0 1 4.300 4.300l-7.300 7.200a1.400 1.400 0 0 1-2-2l6.300-6.200';
export const BACK = 'M19 12H6M11.500 6l-6 6 6 6';
export const FORTH = 'M5 12h13M12.500 6l6 6-6 6';
export const DOWN = 'M12 5v13M6 12.500l6 6 6-6';
export const CHECK = 'M5.500 12.500l4.300 4.300L18.500 7.500';
export const UP_THUMB = 'M8 11v8H5v-8h3Zm0 0l3.500-7A2 2 0 0 1 13.500 6v3.500h4a1.700 1.700 0 0 1 1.700 2l-1 6A1.700 1.700 0 0 1 16.500 19H8';
export const DOWN_THUMB = 'M16 13V5h3v8h-3Zm0 0l-3.500 7a2 2 0 0 1-2-2v-3.500h-4a1.700 1.700 0 0 1-1.700-2l1-6A1.700 1.700 0 0 1 7.500 5H16';
export const FILE = 'M7 4h7l4 4v12H7zM14 4v4h4';
export const PERSON = 'M12 12a3.700 3.700 0 1 0 0-7.400 3.700 3.700 0 0 0 0 7.400ZM5 20c.6-3.400 3.400-5 7-5s6.400 1.600 7 5';
