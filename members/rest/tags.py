"""Tags as the API gives them, the same on universities and programmes."""

from rest_framework import serializers

from members.models import Tag


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["slug", "label", "is_sample"]
