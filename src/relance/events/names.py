"""The names of events that relance knows: Segment's, and ours beside them."""

from __future__ import annotations

# Segment's specs, spelled as there.
PAGE_VIEWED = "Page Viewed"
SCREEN_VIEWED = "Screen Viewed"
ORDER_COMPLETED = "Order Completed"
APPLICATION_OPENED = "Application Opened"
EMAIL_DELIVERED = "Email Delivered"
EMAIL_OPENED = "Email Opened"
EMAIL_LINK_CLICKED = "Email Link Clicked"
EMAIL_BOUNCED = "Email Bounced"
EMAIL_MARKED_AS_SPAM = "Email Marked as Spam"
UNSUBSCRIBED = "Unsubscribed"
PUSH_NOTIFICATION_RECEIVED = "Push Notification Received"
PUSH_NOTIFICATION_TAPPED = "Push Notification Tapped"
PUSH_NOTIFICATION_BOUNCED = "Push Notification Bounced"

# Ours.
EMAIL_SENT = "Email Sent"
SMS_SENT = "SMS Sent"
SMS_DELIVERED = "SMS Delivered"
SMS_LINK_CLICKED = "SMS Link Clicked"
SMS_REPLIED = "SMS Replied"
PUSH_NOTIFICATION_SENT = "Push Notification Sent"
IN_APP_MESSAGE_SHOWN = "In-App Message Shown"
IN_APP_MESSAGE_CLICKED = "In-App Message Clicked"
WEBHOOK_SENT = "Webhook Sent"
MESSAGE_BLOCKED = "Message Blocked"
SUBSCRIPTION_CHANGED = "Subscription Changed"
SEGMENT_ENTERED = "Segment Entered"
SEGMENT_LEFT = "Segment Left"
PREDICTION_SCORED = "Prediction Scored"
JOURNEY_ENTERED = "Journey Entered"
JOURNEY_ENDED = "Journey Ended"
JOURNEY_GOAL_REACHED = "Journey Goal Reached"
PROFILE_UPDATED = "Profile Updated by Journey"  # a record for the log: no journey waits for it
JOURNEY_REQUESTED = "Journey Requested"
CAMPAIGN_REQUESTED = "Campaign Requested"

# They start something because somebody asks for it: from a trusted source alone.
REQUESTS = frozenset({JOURNEY_REQUESTED, CAMPAIGN_REQUESTED})

# What a hand-off is called on each channel.
SENT: dict[str, str] = {
    "email": EMAIL_SENT,
    "sms": SMS_SENT,
    "push": PUSH_NOTIFICATION_SENT,
    "in_app": IN_APP_MESSAGE_SHOWN,
    "webhook": WEBHOOK_SENT,
}

# Only relance itself says these; a journey may still wait for them.
OWN_NAMES = frozenset(
    {
        EMAIL_SENT,
        SMS_SENT,
        PUSH_NOTIFICATION_SENT,
        WEBHOOK_SENT,
        MESSAGE_BLOCKED,
        SEGMENT_ENTERED,
        SEGMENT_LEFT,
        PREDICTION_SCORED,
        JOURNEY_ENTERED,
        JOURNEY_ENDED,
        JOURNEY_GOAL_REACHED,
    }
)

# A person's reaction to a message: carries `properties.message_id`, or `properties.journey` (or `campaign`) and `step`.
REACTIONS = frozenset(
    {
        EMAIL_DELIVERED,
        EMAIL_OPENED,
        EMAIL_LINK_CLICKED,
        EMAIL_BOUNCED,
        EMAIL_MARKED_AS_SPAM,
        UNSUBSCRIBED,
        SMS_DELIVERED,
        SMS_LINK_CLICKED,
        SMS_REPLIED,
        PUSH_NOTIFICATION_RECEIVED,
        PUSH_NOTIFICATION_TAPPED,
        PUSH_NOTIFICATION_BOUNCED,
        IN_APP_MESSAGE_SHOWN,
        IN_APP_MESSAGE_CLICKED,
    }
)

# The events of Segment's e-commerce, email and mobile specs, for pickers and checks.
SEGMENT_SPEC: tuple[str, ...] = (
    "Products Searched",
    "Product List Viewed",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Checkout Started",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Order Updated",
    ORDER_COMPLETED,
    "Order Refunded",
    "Order Cancelled",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Product Shared",
    "Cart Shared",
    "Product Reviewed",
    EMAIL_DELIVERED,
    EMAIL_OPENED,
    EMAIL_LINK_CLICKED,
    EMAIL_BOUNCED,
    EMAIL_MARKED_AS_SPAM,
    UNSUBSCRIBED,
    "Application Installed",
    APPLICATION_OPENED,
    "Application Backgrounded",
    "Application Foregrounded",
    "Application Updated",
    "Application Uninstalled",
    "Application Crashed",
    "Install Attributed",
    "Deep Link Opened",
    "Deep Link Clicked",
    PUSH_NOTIFICATION_RECEIVED,
    PUSH_NOTIFICATION_TAPPED,
    PUSH_NOTIFICATION_BOUNCED,
)
