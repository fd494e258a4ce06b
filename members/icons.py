"""The icons of the house: 20 by 20, drawn with the colour of the text. The word beside an icon says what it means."""

ICONS = {
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4 4"/>',
    "bell": (
        '<path d="M4.5 14h11c-1.2-1.2-1.6-2.6-1.6-5a3.9 3.9 0 0 0-7.8 0c0 2.4-.4 3.8-1.6 5Z"/>'
        '<path d="M8.3 16.6a1.9 1.9 0 0 0 3.4 0"/>'
    ),
    "filter": '<path d="M3 5.5h14M5.5 10h9M8 14.5h4"/>',
    "download": '<path d="M10 3v9m-3.6-3.4L10 12.2l3.6-3.6M4 16.5h12"/>',
    "upload": '<path d="M10 13V4M6.4 7.4 10 3.8l3.6 3.6M4 16.5h12"/>',
    "calendar": '<path d="M3.5 5.5h13v11h-13zM3.5 9h13M7 3.2v3.6m6-3.6v3.6"/>',
    "print": '<path d="M6 7.5V3.5h8v4M6 14.5H3.5v-7h13v7H14M6 12h8v4.8H6z"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "edit": '<path d="m4 16 .8-3.4L13.6 3.8l2.6 2.6-8.8 8.8zM11.8 5.6l2.6 2.6"/>',
    "mail": '<path d="M3 5h14v10.5H3zM3 5.5l7 5.5 7-5.5"/>',
    "link": '<path d="M11 4h5v5M16 4l-7.5 7.5M14 11.5V16H4V6h4.5"/>',
    "star": '<path d="m10 3.2 2.1 4.4 4.8.6-3.5 3.4.9 4.8L10 14.1l-4.3 2.3.9-4.8L3.1 8.2l4.8-.6z"/>',
    "star-full": (
        '<path fill="currentColor" d="m10 3.2 2.1 4.4 4.8.6-3.5 3.4.9 4.8L10 14.1l-4.3 2.3.9-4.8L3.1 8.2l4.8-.6z"/>'
    ),
    "clock": '<circle cx="10" cy="10" r="6.7"/><path d="M10 6v4.2l2.8 1.8"/>',
    "file": '<path d="M5 3h6.5L15 6.5V17H5zM11.2 3.2v3.6h3.6"/>',
    "back": '<path d="M16 10H4.5M9 5.2 4.2 10 9 14.8"/>',
    "next": '<path d="M4 10h11.5M11 5.2l4.8 4.8-4.8 4.8"/>',
    "warning": '<path d="M10 3.5 17.2 16H2.8zM10 8.2v3.9m0 1.8v.6"/>',
    "lock": '<path d="M5 9h10v7.5H5zM7 9V6.6a3 3 0 0 1 6 0V9"/>',
    "person": '<circle cx="10" cy="6.8" r="3"/><path d="M4 16.8c.5-3.3 2.8-4.8 6-4.8s5.5 1.5 6 4.8"/>',
    "sun": (
        '<circle cx="10" cy="10" r="3.2"/>'
        '<path d="M10 2.8v2m0 10.4v2M2.8 10h2m10.4 0h2"/>'
        '<path d="M4.9 4.9l1.4 1.4m7.4 7.4 1.4 1.4m0-10.2-1.4 1.4m-7.4 7.4-1.4 1.4"/>'
    ),
    "moon": '<path d="M16 11.6A6.5 6.5 0 0 1 8.4 4 6.5 6.5 0 1 0 16 11.6Z"/>',
    "down": '<path d="m5 7.5 5 5 5-5"/>',
}
