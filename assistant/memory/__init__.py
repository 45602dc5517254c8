"""What a conversation remembers: the last turn whole, older ones in short, and of what is older still what was shown,
decided and promised. What is stored does not grow with the conversation; the transcript is kept elsewhere.
"""
